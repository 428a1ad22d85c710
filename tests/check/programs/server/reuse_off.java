// Welcome server: a thread per client.
import java.io.*;
import java.net.*;
import java.time.Instant;

public class ReuseOff {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(false);
        server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 64);
        while (true) {
            Socket client = server.accept();
            new Thread(() -> {
                try (client) {
                    client.getOutputStream().write(("Welcome, it is " + Instant.now() + "\r\n").getBytes());
                    client.shutdownOutput();
                    client.setSoTimeout(8000);
                    while (client.getInputStream().read() != -1) {}
                } catch (IOException e) {
                    System.out.println(e);
                }
            }).start();
        }
    }
}
