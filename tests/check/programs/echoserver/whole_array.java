// Echo server: a thread per client.
import java.io.IOException;
import java.net.*;

class WholeArray implements Runnable {
    private final Socket socket;

    WholeArray(Socket socket) {
        this.socket = socket;
    }

    public void run() {
        byte[] data = new byte[512];
        try (socket) {
            while (socket.getInputStream().read(data) != -1) {
                socket.getOutputStream().write(data);
            }
        } catch (IOException e) {
            System.out.println("closed: " + e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("127.0.0.1"));
        System.out.println("waiting for clients");
        while (true) new Thread(new WholeArray(server.accept())).start();
    }
}
