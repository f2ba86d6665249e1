// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import dev.serviceidentity.identity.IdentityException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;

/** Opens the shop, makes the calls, prints the table. */
public final class Main {
  private Main() {}

  /**
   * Runs the sample and ends the JVM: 0 if every call came to what it should, 1 if one did not, 2
   * if the shop could not be opened.
   *
   * @param words see {@code --help}
   */
  public static void main(String[] words) {
    // Whatever the locale is: in containers it often says ASCII, and the terminal is not asked.
    System.exit(run(List.of(words), new Edition() {}));
  }

  /**
   * Runs an edition of the shop.
   *
   * @param words see {@code --help}
   * @param edition what is special about it
   * @return with what the program should end
   */
  public static int run(List<String> words, Edition edition) {
    return run(words, edition, utf8(FileDescriptor.out), utf8(FileDescriptor.err));
  }

  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  /** Runs it and writes elsewhere than to the console. */
  public static int run(
      List<String> words, Edition edition, PrintStream out, PrintStream progress) {
    try {
      Arguments arguments = Arguments.parse(words);
      if (arguments.help()) {
        out.println(Arguments.USAGE);
        return 0;
      }
      return run(arguments, edition, out, progress);
    } catch (IllegalArgumentException wrong) {
      progress.println("samples/run: " + wrong.getMessage() + "\n" + Arguments.USAGE);
    } catch (IdentityException | IOException | IllegalStateException failed) {
      progress.println("samples/run: " + failed.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return 2;
  }

  private static int run(
      Arguments arguments, Edition edition, PrintStream out, PrintStream progress)
      throws IOException, InterruptedException {
    try (Serving serving = Serving.start();
        Workplace workplace = Workplace.open(arguments.keep())) {
      progress.println("Starting the KDC, the certificate authority and four services ...");
      var live = new LiveEvents(out);
      try (Shop shop =
          Shop.open(arguments.manifests(), workplace.folder(), live, edition.starters())) {
        shop.manifests().notice().ifPresent(progress::println);
        boolean good = show(shop, edition, out);
        if (workplace.isKept()) {
          out.println("Keytabs, certificates and audit logs are in " + workplace.folder());
        }
        if (arguments.serve()) {
          out.println(CurlCommands.of(shop) + edition.commands(shop));
          out.println("\nThe services stay up, and print what they decide; end with Ctrl-C.");
          live.begin();
          serving.untilAsked();
        }
        return good ? 0 : 1;
      }
    }
  }

  private static boolean show(Shop shop, Edition edition, PrintStream out)
      throws InterruptedException {
    out.println(Table.header());
    int unexpected = 0;
    List<Scenario> scenarios =
        Stream.concat(Scenarios.of(shop).stream(), edition.scenarios(shop).stream()).toList();
    for (Scenario scenario : scenarios) {
      unexpected += show(scenario, out) ? 0 : 1;
    }
    out.println(Table.LEGEND);
    out.println(
        unexpected == 0
            ? "All " + scenarios.size() + " calls came to what they should."
            : unexpected + " of " + scenarios.size() + " calls did not come to what they should.");
    return unexpected == 0;
  }

  private static boolean show(Scenario scenario, PrintStream out) throws InterruptedException {
    try {
      Outcome outcome = scenario.call().make();
      out.println(Table.row(scenario, outcome));
      return outcome.is(scenario.expected());
    } catch (IOException
        | GeneralSecurityException
        | IdentityException
        | IllegalStateException failed) {
      out.println(Table.row(scenario, failed));
      return false;
    }
  }
}
