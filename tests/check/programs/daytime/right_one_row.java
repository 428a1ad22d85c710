import java.io.*;
import java.net.*;

/** Daytime client: all bytes, at most 4096. */
public class RightOneRow {
    public static void main(String[] args) throws Exception {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])), 2000);
        socket.setSoTimeout(2500);
        byte[] answer = socket.getInputStream().readNBytes(4097);
        if (answer.length > 4096) throw new IOException("Too much");
        StringBuilder text = new StringBuilder("[");
        for (byte b : answer) text.append(b < 32 ? " " : "" + (char) b);
        System.out.println(text.append("]"));
    }
}
