// Daytime server: a thread per client.
import java.io.*;
import java.net.*;
import java.util.Date;

public class DaytimePrinter {
    static void serve(Socket socket) {
        try (socket) {
            PrintWriter out = new PrintWriter(socket.getOutputStream());
            out.print(new Date() + "\r\n");
            socket.shutdownOutput();
            socket.setSoTimeout(10000);
            while (socket.getInputStream().read() != -1) {}
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket socket = server.accept();
            new Thread(() -> serve(socket)).start();
        }
    }
}
