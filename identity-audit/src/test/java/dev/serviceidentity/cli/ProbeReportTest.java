// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.cli.ProbeReport.Meaning;
import dev.serviceidentity.cli.ProbeReport.Tried;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import dev.serviceidentity.network.ViewStamp;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeReportTest {
  private static final IpAddress HERE = IpAddress.parse("10.1.0.1");
  private static final IpAddress THERE = IpAddress.parse("10.1.0.2");

  private static Probe probe(Verdict verdict) {
    var flow =
        new Flow(
            FlowEnd.pod("shop", "web-0"),
            FlowEnd.pod("shop", "orders-0"),
            8443,
            Flow.Protocol.TCP,
            Flow.Side.BOTH);
    var decision =
        PolicyDecision.of(
            verdict,
            asked -> new Explanation("for a test", List.of(), List.of()),
            new ViewStamp("", 0, Instant.EPOCH));
    return new Probe(flow, HERE, THERE, decision);
  }

  private static Tried tried(Verdict verdict, Contact contact, boolean pluginRejects) {
    return Tried.of(probe(verdict), contact, true, pluginRejects);
  }

  @ParameterizedTest
  @CsvSource({
    "SILENT, false, AS_DENIED",
    "SILENT, true, AS_DENIED",
    "UNREACHABLE, false, NOTHING",
    "UNREACHABLE, true, AS_DENIED",
    "FAILED, false, NOTHING",
    "FAILED, true, NOTHING",
    "REFUSED, false, NOT_ENFORCED",
    "REFUSED, true, AS_DENIED",
    "CONNECTED, true, NOT_ENFORCED"
  })
  void whatIsDeniedMeansOnlyWhatAPluginDoes(Contact contact, boolean rejects, Meaning meaning) {
    assertThat(tried(Verdict.DENIED, contact, rejects).meaning()).isEqualTo(meaning);
  }

  @Test
  void aBrokenRouteBesideAControlIsNoEnforcement() {
    var report =
        new ProbeReport(
            List.of(
                tried(Verdict.ALLOWED, Contact.CONNECTED, false),
                tried(Verdict.DENIED, Contact.UNREACHABLE, false)));

    assertThat(report.exitCode()).isEqualTo(ExitCode.UNUSABLE);
    assertThat(report.summary()).startsWith("SAYS NOTHING");
  }
}
