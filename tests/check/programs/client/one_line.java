import java.io.*;
import java.net.Socket;

/** Client: the server sends a line, so it reads one. */
public class OneLine {
    public static void main(String[] args) throws IOException {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.setSoTimeout(3000);
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            int c;
            while ((c = in.read()) != '\n') {
                if (c == -1) throw new EOFException("no line end");
                if (line.length() > 4096) throw new IOException("line too long");
                if (c >= 32 && c < 127) line.append((char) c);
            }
            System.out.println("Server: " + line);
        }
    }
}
