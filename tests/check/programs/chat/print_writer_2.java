// Chat client: what is typed goes through a PrintWriter.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

public class ChatClient {
  public static void main(String[] args) throws IOException {
    Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
    BufferedReader in = new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(
        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8));
    new Thread(() -> {
      BufferedReader keyboard = new BufferedReader(
          new InputStreamReader(System.in, StandardCharsets.UTF_8));
      try {
        String typed;
        while ((typed = keyboard.readLine()) != null) out.print(typed + "\r\n");
        out.close();
      } catch (IOException e) {
        e.printStackTrace();
      }
    }).start();
    String line;
    while ((line = in.readLine()) != null) {
      System.out.println(line.replaceAll("[\\p{Cntrl}]", ""));
    }
    System.exit(0);
  }
}
