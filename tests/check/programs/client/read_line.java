// Client: readLine until null.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

class Client {
    public static void main(String[] args) throws IOException {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.setSoTimeout(3000);
            InputStream limited = new FilterInputStream(socket.getInputStream()) {
                int total = 0;

                @Override
                public int read(byte[] b, int off, int len) throws IOException {
                    int n = super.read(b, off, len);
                    if ((total += n) > 50000) throw new IOException("more than 50000 bytes");
                    return n;
                }
            };
            BufferedReader in = new BufferedReader(new InputStreamReader(limited, StandardCharsets.UTF_8));
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            String line;
            while ((line = in.readLine()) != null) {
                out.println("Server: " + line.replaceAll("[\\p{Cntrl}\u0080-\u009f]", ""));
            }
        }
    }
}
