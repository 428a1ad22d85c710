// Chat client: a PrintWriter to the server.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class Chat {
    static void listen(Socket socket, PrintStream screen) {
        try {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line;
            while ((line = in.readLine()) != null) {
                screen.println(line.replaceAll("\\p{Cntrl}", "").replaceAll("[\u0080-\u009f]", ""));
            }
            screen.println("(server closed)");
        } catch (IOException e) {
            screen.println("(" + e.getMessage() + ")");
        }
        System.exit(0);
    }

    public static void main(String[] args) throws Exception {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        PrintStream screen = new PrintStream(System.out, true, "UTF-8");
        Thread listener = new Thread(() -> listen(socket, screen));
        listener.start();
        PrintWriter out = new PrintWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = keyboard.readLine()) != null) {
            out.println(line);
            if (line.equals("/quit")) break;
        }
        socket.shutdownOutput();
        listener.join(2000);
        System.exit(0);
    }
}
