// Port scanner: a pool of threads.
import java.net.*;
import java.util.*;
import java.util.concurrent.*;

public class Scanner80 {
  public static void main(String[] args) throws Exception {
    int from = Integer.parseInt(args[1]), to = Integer.parseInt(args[2]);
    ExecutorService pool = Executors.newFixedThreadPool(40);
    List<Future<Integer>> all = new ArrayList<>();
    for (int port = from; port <= to; port++) {
      final int p = port;
      all.add(pool.submit(() -> {
        try (Socket s = new Socket()) {
          s.connect(new InetSocketAddress(args[0], p), 600);
          return p;
        } catch (Exception e) {
          return -1;
        }
      }));
    }
    for (Future<Integer> f : all) {
      if (f.get() > 0) System.out.printf("Port %d (%s) is open%n", f.get(), "unknown");
    }
    pool.shutdown();
    System.out.println("Done: " + from + ".." + to);
  }
}
