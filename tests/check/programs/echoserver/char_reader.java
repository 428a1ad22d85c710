// Echo server with Reader and Writer.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

public class CharEcho {
    static void serve(Socket s) {
        try (s) {
            Reader in = new InputStreamReader(s.getInputStream(), StandardCharsets.UTF_8);
            Writer out = new OutputStreamWriter(s.getOutputStream(), StandardCharsets.UTF_8);
            char[] chars = new char[2048];
            int n;
            while ((n = in.read(chars)) > 0) {
                out.write(chars, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            System.out.println("lost: " + e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        InetAddress local = InetAddress.getByName("127.0.0.1");
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, local);
        while (true) {
            Socket s = server.accept();
            new Thread(() -> serve(s)).start();
        }
    }
}
