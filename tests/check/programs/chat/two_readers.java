// Chat client: two threads, a BufferedReader each.
import java.io.*;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

class TwoReaders {
  public static void main(String[] args) throws Exception {
    Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
    Thread listener = new Thread(() -> {
      try {
        BufferedReader in = new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String line;
        while ((line = in.readLine()) != null) {
          System.out.println(line.replaceAll("\\p{Cntrl}", "?"));
        }
        System.out.println("-- end of the conversation --");
        System.exit(0);
      } catch (IOException e) {
        System.err.println("Connection lost: " + e.getMessage());
        System.exit(1);
      }
    });
    listener.start();
    BufferedReader keyboard = new BufferedReader(
        new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(
        new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8), true);
    String typed;
    while ((typed = keyboard.readLine()) != null) out.println(typed);
    socket.shutdownOutput();
    listener.join();
  }
}
