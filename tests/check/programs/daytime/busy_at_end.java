import java.io.*;
import java.net.Socket;

/** Daytime client: reads while there is something, and does not know -1. */
public class BusyAtEnd {
    public static void main(String[] args) throws Exception {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c == '\n' && text.length() > 0) {
                System.out.println(text);
                text.setLength(0);
            } else if (c >= 32 && c < 127) {
                text.append((char) c);
            }
        }
    }
}
