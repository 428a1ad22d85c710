// Welcome server: a thread per client.
import java.io.*;
import java.net.*;
import java.time.Instant;

public class WelcomeServer {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 64, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket client = server.accept();
            new Thread(() -> welcome(client)).start();
        }
    }

    static void welcome(Socket client) {
        try (client) {
            PrintWriter out = new PrintWriter(client.getOutputStream());
            out.print("Welcome to Java, it is " + Instant.now() + "\r\n");
            out.flush();
            client.shutdownOutput();
            client.setSoTimeout(8000);
            byte[] rest = new byte[512];
            while (client.getInputStream().read(rest) > 0) {}
        } catch (IOException e) {
            System.out.println("lost: " + e.getMessage());
        }
    }
}
