import java.io.*;
import java.net.Socket;
import java.util.Arrays;

/** Echo client: sends its input, then reads the answer to the end. */
public class ReadsAfterInput {
    public static void main(String[] args) throws IOException {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        socket.setSoTimeout(4000);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        int n;
        while ((n = System.in.read(buffer)) > 0) {
            socket.getOutputStream().write(buffer, 0, n);
            sent.write(buffer, 0, n);
        }
        socket.shutdownOutput();
        byte[] answer = socket.getInputStream().readAllBytes();
        System.out.write(answer);
        System.out.flush();
        System.exit(Arrays.equals(answer, sent.toByteArray()) ? 0 : 1);
    }
}
