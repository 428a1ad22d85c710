// Welcome server: a thread per client.
import java.io.*;
import java.net.*;
import java.time.Instant;

class Welcome {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 64, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket socket = server.accept();
            new Thread(() -> {
                try (socket; Writer out = new OutputStreamWriter(socket.getOutputStream())) {
                    out.write("Welcome, it is " + Instant.now() + "\r\n");
                } catch (IOException e) {
                    System.err.println(e.getMessage());
                }
            }).start();
        }
    }
}
