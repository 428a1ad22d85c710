// Welcome server: a thread per client.
import java.io.*;
import java.net.*;
import java.time.Instant;

public class Print {
    static void welcome(Socket socket) {
        try (socket) {
            PrintStream out = new PrintStream(socket.getOutputStream(), true);
            out.print("Welcome, it is " + Instant.now());
            out.flush();
            socket.shutdownOutput();
            socket.setSoTimeout(8000);
            while (socket.getInputStream().read() != -1) {}
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 64, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket socket = server.accept();
            new Thread(() -> welcome(socket)).start();
        }
    }
}
