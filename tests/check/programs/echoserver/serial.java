// Echo server.
import java.io.*;
import java.net.*;

public class SerialEcho {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 10, InetAddress.getByName("127.0.0.1"));
        while (true) {
            try (Socket client = server.accept()) {
                System.out.println("client " + client.getRemoteSocketAddress());
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException e) {
                System.out.println("lost: " + e.getMessage());
            }
        }
    }
}
