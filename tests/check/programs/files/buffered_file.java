// File client: byte after byte into a BufferedOutputStream.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

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
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + name + "\r\n").getBytes(StandardCharsets.UTF_8));
            String header = readLine(in);
            if (!header.startsWith("SENDING_FILE " + name + " ")) {
                System.err.println(header);
                System.exit(1);
            }
            int size = Integer.parseInt(header.substring(header.lastIndexOf(' ') + 1));
            out.write("READY\r\n".getBytes());
            OutputStream file = new BufferedOutputStream(new FileOutputStream(name));
            for (int i = 0; i < size; i++) {
                int b = in.read();
                if (b < 0) throw new EOFException(i + " of " + size + " bytes");
                file.write(b);
            }
            out.write("QUIT\r\n".getBytes());
            System.out.println(readLine(in) + ", " + size + " bytes");
        } catch (EOFException e) {
            System.err.println("The file is not complete: " + e.getMessage());
            System.exit(1);
        }
    }
}
