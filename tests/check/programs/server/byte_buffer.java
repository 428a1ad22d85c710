// Welcome server with a ByteBuffer: a thread per client.
import java.io.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.time.Instant;

public class BufferServer {
    static void welcome(Socket client) {
        ByteBuffer buffer = ByteBuffer.allocate(256);
        buffer.put(("Welcome, it is " + Instant.now() + "\r\n").getBytes());
        try (client) {
            client.getOutputStream().write(buffer.array());
            client.shutdownOutput();
            client.setSoTimeout(8000);
            while (client.getInputStream().read(buffer.array()) > 0) {}
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
