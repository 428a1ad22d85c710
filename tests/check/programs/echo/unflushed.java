// Echo client: println to the server, readLine from it.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

class EchoClient {
    public static void main(String[] args) throws IOException {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        socket.setSoTimeout(3000);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream screen = new PrintStream(System.out, true, "UTF-8");
        String line;
        while ((line = keyboard.readLine()) != null) {
            out.println(line);
            String answer = in.readLine();
            screen.println("echo: " + answer);
            if (!line.equals(answer)) {
                System.err.println("error: the answer is different");
                System.exit(1);
            }
        }
        socket.shutdownOutput();
        if (in.readLine() != null) {
            System.err.println("error: too much");
            System.exit(1);
        }
    }
}
