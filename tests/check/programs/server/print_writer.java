// Welcome server: a thread per client.
import java.io.*;
import java.net.*;
import java.time.Instant;

public class PrintWriterServer {
    static void welcome(Socket client) {
        try (client; PrintWriter out = new PrintWriter(client.getOutputStream())) {
            out.print("Welcome, it is " + Instant.now() + "\r\n");
            byte[] rest = new byte[1024];
            while (client.getInputStream().read(rest) != -1) {}
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 64, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket client = server.accept();
            new Thread(() -> welcome(client)).start();
        }
    }
}
