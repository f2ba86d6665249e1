// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program by itself, without a command. */
@Command(
    name = "identity-audit",
    mixinStandardHelpOptions = true,
    versionProvider = AuditCommand.Version.class,
    scope = picocli.CommandLine.ScopeType.INHERIT,
    description = {
      "Answers from Kubernetes manifests, or of a live cluster, who may reach whom, and says why.",
      "",
      "A REF is namespace/name of a pod or workload, namespace/Kind/name, an address, or"
          + " 'external': every public address outside the cluster."
    },
    footer = {
      "",
      "Exit code: 0 it holds, 1 it does not hold, 2 wrong use or input that cannot be read."
    })
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Reads the version that the build has put into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "identity-audit " + Objects.requireNonNullElse(version, "from an unpacked build")
      };
    }
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: check, expect, matrix, doctor or probe");
  }
}
