// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.KerberosIdentityBuilder;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A Kerberos identity to look at. */
final class KerberosOptions {
  @Option(
      names = "--keytab",
      required = true,
      paramLabel = "FILE",
      description = "The keytab of the service.")
  private Path keytab = Path.of("");

  @Option(
      names = "--principal",
      required = true,
      paramLabel = "NAME@REALM",
      description = "Who the service is, such as HTTP/orders.shop@SHOP.EXAMPLE.")
  private String principal = "";

  @Option(
      names = "--krb5-conf",
      paramLabel = "FILE",
      description = "Where the realm's KDCs are; the system's own krb5.conf unless said.")
  private @Nullable Path krb5Conf;

  @Option(
      names = "--calls",
      paramLabel = "NAME@REALM",
      description = "A service that a ticket is asked for. May be given several times.")
  private List<String> calls = List.of();

  SelfCheck examine() {
    try {
      KerberosIdentityBuilder identity =
          KerberosIdentity.builder().principal(principal).keytab(keytab);
      return (krb5Conf == null ? identity : identity.krb5Conf(krb5Conf))
          .doctor()
          .calls(calls.toArray(String[]::new))
          .examine();
    } catch (IllegalArgumentException e) {
      throw Program.unusable(String.valueOf(e.getMessage()));
    } catch (IdentityException e) {
      throw Program.unusable("Kerberos cannot be looked at: " + e.getMessage());
    }
  }
}
