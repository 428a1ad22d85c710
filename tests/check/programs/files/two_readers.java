// File client: BufferedReader for the header, InputStream for the bytes.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class Fetch {
    public static void main(String[] args) throws IOException {
        String name = args[2];
        if (name.contains("/") || name.startsWith("..")) {
            System.err.println("invalid name");
            System.exit(1);
        }
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        PrintWriter out = new PrintWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8), true);
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        InputStream in = socket.getInputStream();
        out.println("GET " + name);
        String header = reader.readLine();
        if (header == null || !header.startsWith("SENDING_FILE " + name + " ")) {
            System.err.println("Error: " + header);
            System.exit(1);
        }
        long left = Long.parseLong(header.substring(header.lastIndexOf(' ') + 1).trim());
        out.println("READY");
        File part = new File(name + ".tmp");
        try (FileOutputStream file = new FileOutputStream(part)) {
            byte[] buffer = new byte[4096];
            while (left > 0) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    part.delete();
                    System.err.println(left + " bytes are missing");
                    System.exit(1);
                }
                file.write(buffer, 0, n);
                left -= n;
            }
        }
        part.renameTo(new File(name));
        out.println("QUIT");
        System.out.println(reader.readLine());
        socket.close();
    }
}
