// Daytime server.
import java.io.*;
import java.net.*;
import java.util.Date;

public class SerialDaytime {
    public static void main(String[] args) throws IOException {
        InetAddress here = InetAddress.getByName("127.0.0.1");
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 50, here)) {
            while (true) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write((new Date().toString() + "\r\n").getBytes("US-ASCII"));
                    client.shutdownOutput();
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    System.out.println("client lost: " + e.getMessage());
                }
            }
        }
    }
}
