// Daytime server: a thread per client.
import java.io.*;
import java.net.*;
import java.util.Date;

public class Daytime extends Thread {
    private final Socket socket;

    Daytime(Socket socket) {
        this.socket = socket;
    }

    @Override
    public void run() {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            in.readLine();
            out.write((new Date() + "\r\n").getBytes());
            socket.shutdownOutput();
            socket.setSoTimeout(10000);
            while (in.read() != -1) {}
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        while (true) new Daytime(server.accept()).start();
    }
}
