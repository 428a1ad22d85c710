// File client: a PrintWriter to the server, a DataInputStream from it.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;

class FileClient {
    static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b; (b = in.read()) != '\n'; ) {
            if (b < 0) throw new EOFException("no line, the connection is closed");
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    public static void main(String[] args) throws Exception {
        String name = args[2];
        if (name.contains("/") || name.startsWith(".")) {
            System.err.println("Bad name");
            System.exit(1);
        }
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), false, StandardCharsets.UTF_8);
            out.println("GET " + name);
            String header = readLine(in);
            if (!header.startsWith("SENDING_FILE " + name + " ")) {
                System.err.println(header);
                System.exit(1);
            }
            byte[] body = new byte[Integer.parseInt(header.substring(header.lastIndexOf(' ') + 1))];
            out.println("READY");
            in.readFully(body);
            Files.write(Path.of(name), body);
            out.println("QUIT");
            System.out.println(readLine(in) + ", " + body.length + " bytes");
        } catch (EOFException e) {
            System.err.println("The file is not complete: " + e.getMessage());
            System.exit(1);
        }
    }
}
