// Daytime client: SO_TIMEOUT, readNBytes, and a Scanner over the text.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

public class DaytimeClient {
  public static void main(String[] args) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(args[0], Integer.parseInt(args[1])), 2000);
      socket.setSoTimeout(2000);
      byte[] all = socket.getInputStream().readNBytes(5000);
      if (all.length > 4096) throw new IOException("the answer is too long");
      Scanner lines = new Scanner(new String(all, StandardCharsets.US_ASCII));
      while (lines.hasNextLine()) {
        String line = lines.nextLine().strip().replaceAll("[^ -~]", "?");
        if (!line.isEmpty()) System.out.println("Time: " + line);
      }
    } catch (IOException e) {
      System.out.println("Sorry, " + e.getMessage());
      System.exit(1);
    }
  }
}
