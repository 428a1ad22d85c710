// Echo server with buffered streams.
import java.io.*;
import java.net.*;
import java.util.concurrent.*;

class Main {
    public static void main(String[] args) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 200);
        for (;;) {
            Socket socket = server.accept();
            pool.execute(() -> {
                try (socket;
                     BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
                     BufferedOutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
                    byte[] b = new byte[1024];
                    int n = in.read(b);
                    while (n > 0) {
                        out.write(b, 0, n);
                        if (in.available() == 0) out.flush();
                        n = in.read(b);
                    }
                } catch (IOException e) {
                    System.err.println(e);
                }
            });
        }
    }
}
