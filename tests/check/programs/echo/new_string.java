// Echo client: reads bytes, shows them as text.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

class Echo {
    static final StringBuffer waiting = new StringBuffer();
    static volatile boolean typed = false;

    public static void main(String[] args) throws Exception {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        Thread sender = new Thread(() -> {
            try {
                Reader keyboard = new InputStreamReader(System.in, StandardCharsets.UTF_8);
                char[] buffer = new char[1024];
                int n;
                while ((n = keyboard.read(buffer)) > 0) {
                    String text = new String(buffer, 0, n);
                    waiting.append(text);
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                }
                typed = true;
                socket.shutdownOutput();
            } catch (IOException e) {
                System.err.println(e);
            }
        });
        sender.setDaemon(true);
        sender.start();
        PrintStream screen = new PrintStream(System.out, true, "UTF-8");
        socket.setSoTimeout(3000);
        byte[] buffer = new byte[8192];
        while (true) {
            int n;
            try {
                n = socket.getInputStream().read(buffer);
            } catch (SocketTimeoutException e) {
                if (waiting.length() == 0 && !typed) continue;
                n = -2;
            } catch (IOException e) {
                System.err.println(e);
                n = -2;
            }
            if (n < 0) {
                boolean all = n == -1 && waiting.length() == 0 && typed;
                System.err.println(all ? "all back" : "not everything came back: failed");
                System.exit(all ? 0 : 1);
            }
            String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
            screen.print(text);
            screen.flush();
            if (waiting.indexOf(text) != 0) {
                System.err.println("the answer is different: failed");
                System.exit(1);
            }
            waiting.delete(0, text.length());
        }
    }
}
