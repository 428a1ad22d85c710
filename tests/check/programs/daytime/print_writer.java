// Daytime client.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

class Daytime {
    public static void main(String[] args) {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.setSoTimeout(3000);
            InputStream in = socket.getInputStream();
            byte[] answer = in.readNBytes(4096);
            if (in.read() >= 0) throw new IOException("more than 4096 bytes");
            String text = new String(answer, StandardCharsets.US_ASCII);
            PrintWriter out = new PrintWriter(System.out);
            text.lines().map(line -> line.replaceAll("[^ -~]", "")).forEach(out::println);
        } catch (IOException e) {
            System.err.println("Failed: " + e.getMessage());
            System.exit(1);
        }
    }
}
