// Daytime server: a thread per client.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

public class DaytimeServer {
    static final DateTimeFormatter FORM =
        DateTimeFormatter.ofPattern("EEEE, MMMM d, yyyy HH:mm:ss'-UTC'", Locale.ENGLISH);

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        while (true) {
            Socket client = server.accept();
            new Thread(() -> serve(client)).start();
        }
    }

    static void serve(Socket client) {
        try (client) {
            String line = FORM.format(ZonedDateTime.now(ZoneOffset.UTC)) + "\r\n";
            client.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            client.setSoTimeout(10000);
            byte[] rest = new byte[1024];
            while (client.getInputStream().read(rest) != -1) {}
        } catch (IOException e) {
            System.out.println("client lost: " + e.getMessage());
        }
    }
}
