// Client: reads bytes, shows whole lines.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

class Client {
    public static void main(String[] args) {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.setSoTimeout(3000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int total = 0;
            for (int b; (b = in.read()) >= 0; ) {
                if (++total > 65536) throw new IOException("too much");
                if (b == '\n') {
                    out.println(line.toString(StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}\u0080-\u009f]", ""));
                    line.reset();
                } else {
                    line.write(b);
                }
            }
            out.flush();
            if (line.size() > 0) throw new EOFException("the last line has no end");
        } catch (IOException e) {
            System.err.println(e);
            System.exit(1);
        }
    }
}
