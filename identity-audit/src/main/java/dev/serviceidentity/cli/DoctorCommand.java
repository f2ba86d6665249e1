// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.SelfCheck.Severity;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.LiveNetworkBuilder;
import dev.serviceidentity.k8s.WorkloadBinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a service as it would check itself. */
@Command(
    name = "doctor",
    description = {
      "Checks what a service needs: its view of the cluster and the rights for it, the policies of"
          + " both ends for each target, its keytab, its certificates. Each finding says what to"
          + " do.",
      "",
      "In a pod it looks at the cluster around it; with --kubeconfig at the pod that --own-pod"
          + " names, with the rights of the kubeconfig and not those of the pod."
    },
    footer = {"", "Exit code: 0 all is as it should be, 1 something does not work, 2 no answer."})
final class DoctorCommand implements Callable<Integer> {
  /** How the findings are written. */
  enum Output {
    TEXT,
    JSON
  }

  private final Session session;

  @Mixin private OwnView view = new OwnView();

  @Option(
      names = "--target",
      paramLabel = "SERVICE.NAMESPACE:PORT",
      description =
          "A service that this one calls, with a port by number or name. May be given several times.")
  private List<String> targets = List.of();

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      description =
          "Of the SPIFFE IDs that stand for service accounts. May be given several times.")
  private List<String> trustDomains = List.of();

  @Option(
      names = "--realm",
      paramLabel = "NAME",
      description = "Of the Kerberos names that do. May be given several times.")
  private List<String> realms = List.of();

  @Option(
      names = "--token-domain",
      paramLabel = "NAME",
      description =
          "Of the service accounts' tokens, usually the issuer's host. May be given several times.")
  private List<String> tokenDomains = List.of();

  @ArgGroup(exclusive = false)
  private @Nullable KerberosOptions kerberos;

  @Option(
      names = "--certificates",
      paramLabel = "DIRECTORY",
      description = "Of the own certificate, its key and the trusted authorities, as PEM files.")
  private @Nullable Path certificates;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless said.")
  private Output output = Output.TEXT;

  DoctorCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean bindsNobody = trustDomains.isEmpty() && realms.isEmpty() && tokenDomains.isEmpty();
    if (!targets.isEmpty() && bindsNobody) {
      throw Program.unusable(
          "say --trust-domain or --realm or --token-domain, by which the targets' identities are"
              + " recognised");
    }
    var findings = new ArrayList<Finding>();
    KerberosOptions keys = kerberos;
    if (keys != null) {
      findings.addAll(
          session.progress().during("looking at Kerberos", () -> keys.examine().findings()));
    }
    Path directory = certificates;
    if (directory != null) {
      findings.addAll(
          session
              .progress()
              .during(
                  "looking at certificates",
                  () -> new CertificateLook(directory, trustDomains).findings()));
    }
    if (!targets.isEmpty() || view.isSaid(session) || findings.isEmpty()) {
      findings.addAll(findings.isEmpty() ? cluster() : clusterBeside());
    }
    var check = new SelfCheck(findings);
    switch (output) {
      case TEXT -> session.print(check.render());
      case JSON -> Json.write(session.out(), json -> write(json, check));
    }
    return check.holds() ? ExitCode.HOLDS : ExitCode.DOES_NOT_HOLD;
  }

  /** What has been found already is told also where the cluster cannot be seen. */
  private List<Finding> clusterBeside() {
    try {
      return cluster();
    } catch (IdentityException | UnusableInput e) {
      return List.of(
          new Finding(
              Severity.FAILED,
              "cluster",
              String.valueOf(e.getMessage()),
              "Mend that, and ask again; the rest is told without it."));
    }
  }

  private List<Finding> cluster() {
    try (OwnView.Opened opened = view.open(session, this::settings)) {
      return session
          .progress()
          .during("looking at the targets", () -> SelfCheck.of(opened.network()).findings());
    }
  }

  private LiveNetworkBuilder settings(LiveNetworkBuilder network) {
    WorkloadBinding.Builder binding = WorkloadBinding.builder();
    trustDomains.forEach(binding::trustDomain);
    realms.forEach(binding::realm);
    tokenDomains.forEach(binding::tokenDomain);
    targets.forEach(network::target);
    return network.binding(binding.build());
  }

  private static void write(Json json, SelfCheck check) {
    json.object(
        () ->
            json.flag("holds", check.holds())
                .array("findings", check.findings(), each -> write(json, each)));
  }

  private static void write(Json json, Finding finding) {
    json.object(
        () ->
            json.text("severity", finding.severity().name())
                .text("subject", finding.subject())
                .text("detail", finding.detail())
                .text("remedy", finding.remedy()));
  }
}
