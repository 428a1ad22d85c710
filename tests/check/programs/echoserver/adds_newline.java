// Echo server: a thread per client.
import java.io.*;
import java.net.*;

public class Echo {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getLoopbackAddress());
        while (true) {
            Socket socket = server.accept();
            new Thread(() -> {
                try (socket) {
                    PrintStream out = new PrintStream(socket.getOutputStream(), true);
                    byte[] message = new byte[4096];
                    int n;
                    while ((n = socket.getInputStream().read(message)) > 0) {
                        out.write(message, 0, n);
                        out.println();
                    }
                } catch (IOException e) {
                    System.err.println(e.getMessage());
                }
            }).start();
        }
    }
}
