// Welcome server.
import java.io.*;
import java.net.*;
import java.time.Instant;

public class Once {
    public static void main(String[] args) {
        int port = Integer.parseInt(System.getenv("PORT"));
        try (ServerSocket server = new ServerSocket(port, 10, InetAddress.getByName("127.0.0.1"));
             Socket client = server.accept();
             OutputStream out = client.getOutputStream()) {
            out.write(("Welcome, it is " + Instant.now() + "\r\n").getBytes());
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
