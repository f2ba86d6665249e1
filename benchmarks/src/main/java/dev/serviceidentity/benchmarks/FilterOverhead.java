// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.benchmarks.FilterWorld.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What the filter costs a service from end to end: the same application on Tomcat without and with
 * it, called by wrk in turns. Writes its tables into a page of results.
 */
public final class FilterOverhead {
  private static final String BEGINNING = "<!-- From here on written by measure-filter. -->\n";

  /** Rounds that do not count: a JVM compiles for some fifteen seconds of full load. */
  private static final int WARM_UP = 3;

  private static final int ROUNDS = 5;

  /** How many requests a second are provided for until it is known how many there are. */
  private static final int FASTEST = 60_000;

  private final FilterWorld world;
  private final FilterCaller web;
  private final Path manifests;
  private final int seconds;

  /** How those of the servers of one JDK did. */
  private final List<String> audits = new ArrayList<>();

  /** One run of wrk, and what the server has used for a request. */
  private record Run(WrkReport wrk, double micros) {}

  /** Two runs, one after the other. */
  private record Round(Run without, Run with) {
    double lost() {
      return 100 * (1 - with.wrk.rate() / without.wrk.rate());
    }

    double added() {
      return with.wrk.p99() - without.wrk.p99();
    }
  }

  private FilterOverhead(FilterWorld world, FilterCaller web, Path manifests, int seconds) {
    this.world = world;
    this.web = web;
    this.manifests = manifests;
    this.seconds = seconds;
  }

  /**
   * Measures, and writes the tables.
   *
   * @param args the root of the sources, what wrk is to be preloaded with, the seconds of one run,
   *     and the homes of JDKs
   * @throws Exception if anything fails
   */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    Path page = root.resolve("benchmarks/results/filter.md");
    Path directory = Files.createTempDirectory("measure-filter");
    Path script = root.resolve("benchmarks/src/main/lua/tokens.lua");
    var world = new FilterWorld(directory);
    var tables = new StringBuilder();
    try (var web = new FilterCaller(world, Path.of(args[1]), script)) {
      var overhead =
          new FilterOverhead(
              world, web, root.resolve("samples/shop/k8s"), Integer.parseInt(args[2]));
      for (String home : Arrays.asList(args).subList(3, args.length)) {
        tables.append(overhead.table(Path.of(home)));
      }
    } finally {
      delete(directory);
    }
    String prose = Files.readString(page);
    prose = prose.substring(0, prose.indexOf(BEGINNING) + BEGINNING.length());
    Files.writeString(page, prose + tables);
  }

  private String table(Path home) throws IOException, InterruptedException {
    var table = new StringBuilder();
    line(table, "");
    line(
        table,
        "| JDK %s | requests/s without | with | lost | p99 without | with | added | processor without"
            + " | with |",
        version(home));
    line(table, "|---|---|---|---|---|---|---|---|---|");
    String before = load();
    for (Proof proof : Proof.values()) {
      line(table, "%s", row(proof, rounds(home, proof)));
    }
    line(table, "");
    line(
        table,
        "Load averages before and after: %s; %s. The audit logs: %s.",
        before,
        load(),
        String.join("; ", audits));
    audits.clear();
    return table.toString();
  }

  private static void line(StringBuilder table, String format, Object... values) {
    String line = String.format(format, values);
    System.out.println(line);
    table.append(line).append('\n');
  }

  private static String row(Proof proof, List<Round> rounds) {
    return String.format(
        "| %s | %,.0f | %,.0f | **%.1f %%** (%.1f to %.1f) | %.2f ms | %.2f ms | **%.2f ms** (%.2f"
            + " to %.2f) | %.1f µs | %.1f µs |",
        proof.title,
        median(rounds, round -> round.without.wrk.rate()),
        median(rounds, round -> round.with.wrk.rate()),
        median(rounds, Round::lost),
        least(rounds, Round::lost),
        -least(rounds, round -> -round.lost()),
        median(rounds, round -> round.without.wrk.p99()),
        median(rounds, round -> round.with.wrk.p99()),
        median(rounds, Round::added),
        least(rounds, Round::added),
        -least(rounds, round -> -round.added()),
        median(rounds, round -> round.without.micros),
        median(rounds, round -> round.with.micros));
  }

  private List<Round> rounds(Path home, Proof proof) throws IOException, InterruptedException {
    var rounds = new ArrayList<Round>();
    try (var without = ServerProcess.start(world, home, manifests, proof, false);
        var with = ServerProcess.start(world, home, manifests, proof, true)) {
      int tokens = FASTEST;
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        Round measured = round(proof, without, with, round % 2 == 0, tokens);
        if (round >= WARM_UP) {
          rounds.add(measured);
          tokens = (int) (1.3 * measured.without.wrk.rate());
        }
      }
      audits.add(with.audit());
    }
    return rounds;
  }

  /**
   * Whoever comes second is given the same tokens as the first, but the filter has not seen them.
   */
  private Round round(
      Proof proof, ServerProcess without, ServerProcess with, boolean backwards, int tokens)
      throws IOException, InterruptedException {
    if (proof != Proof.MTLS) {
      web.makeTokens(proof, tokens * seconds);
    }
    if (backwards) {
      Run second = run(proof, with);
      return new Round(run(proof, without), second);
    }
    return new Round(run(proof, without), run(proof, with));
  }

  private Run run(Proof proof, ServerProcess server) throws IOException, InterruptedException {
    long before = server.processorTime().toNanos();
    WrkReport report = web.call(proof, server.port, seconds);
    double micros = (server.processorTime().toNanos() - before) / 1e3 / report.requests();
    System.out.printf(
        "%s %s: %.0f/s, p99 %.2f ms, %.1f µs%n",
        proof, server.filtered ? "with" : "without", report.rate(), report.p99(), micros);
    return new Run(report, micros);
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
    double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static double least(List<Round> rounds, ToDoubleFunction<Round> value) {
    return rounds.stream().mapToDouble(value).min().orElseThrow();
  }

  private static String version(Path home) throws IOException {
    var release = new Properties();
    try (var reader = Files.newBufferedReader(home.resolve("release"))) {
      release.load(reader);
    }
    return release.getProperty("JAVA_VERSION").replace("\"", "");
  }

  private static String load() throws IOException {
    String[] averages = Files.readString(Path.of("/proc/loadavg")).split(" ");
    return String.join(" ", Arrays.copyOf(averages, 3));
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
