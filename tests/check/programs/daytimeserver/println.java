// Daytime server: a thread per client.
import java.io.*;
import java.net.*;
import java.util.Date;

public class Main {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        for (;;) {
            Socket socket = server.accept();
            new Thread(() -> {
                try (socket) {
                    PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
                    out.println(new Date() + "\r\n");
                    socket.shutdownOutput();
                    socket.setSoTimeout(10000);
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    System.err.println(e);
                }
            }).start();
        }
    }
}
