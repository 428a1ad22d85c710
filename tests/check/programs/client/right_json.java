import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

/** Client: reads byte by byte into a line, with a limit; JSON-like output, exit code 0. */
public class RightJson {
    public static void main(String[] args) {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.setSoTimeout(3000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int total = 0;
            for (int b; (b = in.read()) != -1;) {
                if (++total > 1_000_000) throw new IOException("it talks too much");
                if (b != '\n') {
                    line.write(b);
                    continue;
                }
                System.out.println("{line: \"" + clean(line) + "\"}");
                line.reset();
            }
            if (line.size() > 0) System.out.println("{rest: \"" + clean(line) + "\"}");
        } catch (IOException e) {
            System.out.println("{problem: \"" + e + "\"}");
        }
    }

    static String clean(ByteArrayOutputStream line) {
        return new String(line.toByteArray(), StandardCharsets.UTF_8).trim().replaceAll("\\p{Cntrl}", "?");
    }
}
