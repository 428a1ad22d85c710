// Echo client: the main thread reads the answers, another sends.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.*;

class EchoClient {
    public static void main(String[] args) throws Exception {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        BlockingQueue<String> sent = new LinkedBlockingQueue<>();
        OutputStream out = socket.getOutputStream();
        Thread sender = new Thread(() -> {
            try {
                BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                String line;
                while ((line = keyboard.readLine()) != null) {
                    sent.put(line);
                    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
                }
                sent.put("\n");
                socket.shutdownOutput();
            } catch (Exception e) {
                System.err.println("Cannot send: " + e.getMessage());
            }
        });
        sender.setDaemon(true);
        sender.start();
        PrintStream screen = new PrintStream(System.out, true, "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        socket.setSoTimeout(3000);
        try {
            String line;
            while (!(line = sent.take()).equals("\n")) {
                String answer = in.readLine();
                screen.println("Server: " + answer);
                if (!line.equals(answer)) {
                    System.err.println("That is not what I sent: " + line);
                    System.exit(1);
                }
            }
            String more = in.readLine();
            if (more != null) {
                System.err.println("Unexpected: " + more);
                System.exit(1);
            }
        } catch (IOException e) {
            System.err.println("Error: " + e.getMessage());
            System.exit(1);
        }
    }
}
