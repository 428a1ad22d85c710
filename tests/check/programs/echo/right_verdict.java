import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Echo client: prints true or false behind each answer. */
public class EchoVerdict {
    public static void main(String[] args) throws Exception {
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            socket.setSoTimeout(5000);
            BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            PrintWriter out = new PrintWriter(
                new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8), true);
            BufferedReader keyboard = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
            PrintStream screen = new PrintStream(System.out, true, "UTF-8");
            screen.print("> ");
            String line;
            while ((line = keyboard.readLine()) != null) {
                out.println(line);
                String answer = in.readLine();
                screen.println(answer + " " + line.equals(answer));
                if (answer == null) break;
                screen.print("> ");
            }
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
