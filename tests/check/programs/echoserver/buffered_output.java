// Echo server with buffered streams.
import java.io.*;
import java.net.*;

public class BufferedEcho {
    public static void main(String[] args) throws Exception {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket socket = server.accept();
            new Thread(() -> {
                try (socket; OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
                    InputStream in = new BufferedInputStream(socket.getInputStream());
                    byte[] b = new byte[1024];
                    int n;
                    while ((n = in.read(b)) > 0) {
                        out.write(b, 0, n);
                    }
                } catch (IOException e) {
                    System.err.println(e);
                }
            }).start();
        }
    }
}
