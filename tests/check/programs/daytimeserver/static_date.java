// Daytime server: a thread per client.
import java.io.*;
import java.net.*;
import java.text.SimpleDateFormat;
import java.util.*;

public class DaytimeServer {
    static final Date DATE = new Date();
    static final SimpleDateFormat FORM = new SimpleDateFormat("EEEE, MMMM d, yyyy HH:mm:ss-zzz", Locale.US);

    static void serve(Socket s) {
        try (s) {
            String line;
            synchronized (FORM) {
                line = FORM.format(DATE);
            }
            s.getOutputStream().write((line + "\r\n").getBytes());
            s.shutdownOutput();
            s.setSoTimeout(10000);
            while (s.getInputStream().read() >= 0) {}
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket s = server.accept();
            new Thread(() -> serve(s)).start();
        }
    }
}
