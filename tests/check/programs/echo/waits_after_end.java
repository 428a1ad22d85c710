// Echo client: one thread for each direction; ends when both have ended.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class EchoClient {
  static List<String> sent = Collections.synchronizedList(new ArrayList<>());

  public static void main(String[] a) throws Exception {
    Socket s = new Socket(a[0], Integer.parseInt(a[1]));
    BufferedReader in = new BufferedReader(
        new InputStreamReader(s.getInputStream(), StandardCharsets.UTF_8));
    Thread reading = new Thread(() -> {
      int i = 0;
      try {
        String line;
        while ((line = in.readLine()) != null) {
          System.out.println("echo> " + line);
          if (!line.equals(sent.get(i++))) {
            System.out.println("That is not what I said!! (mismatch)");
            System.exit(1);
          }
        }
        if (i < sent.size()) {
          System.out.println("lost " + (sent.size() - i) + " lines");
          System.exit(1);
        }
      } catch (IOException e) {
        System.out.println("failed: " + e);
        System.exit(1);
      }
    });
    reading.start();
    BufferedReader keys = new BufferedReader(
        new InputStreamReader(System.in, StandardCharsets.UTF_8));
    OutputStream out = s.getOutputStream();
    String line;
    while ((line = keys.readLine()) != null) {
      sent.add(line);
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    s.shutdownOutput();
    reading.join();
  }
}
