// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.benchmarks;

import dev.serviceidentity.kerberos.KerberosIdentity;
import dev.serviceidentity.kerberos.KerberosIdentityBuilder;
import dev.serviceidentity.kerberos.config.KerberosConfig;
import dev.serviceidentity.kerberos.config.Krb5Conf;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The realm that {@code measure-initiator} has made, with its KDC running.
 *
 * @param directory where its files are
 */
record BenchRealm(Path directory) {
  static final String REALM = "BENCH.EXAMPLE";
  static final PrincipalName WEB = new PrincipalName(List.of("web"), REALM);
  private static final int SERVICES = 200;

  Path keytab() {
    return directory.resolve("web.keytab");
  }

  /**
   * The realm's KDC, of which tickets are demanded that last so long.
   *
   * @param life at most a day, which is what the KDC gives
   */
  KerberosConfig config(Duration life) {
    String[] kdcs =
        Krb5Conf.read(krb5Conf()).config().kdcs(REALM).stream()
            .map(Object::toString)
            .toArray(String[]::new);
    return KerberosConfig.builder().kdc(REALM, kdcs).ticketLifetime(life).build();
  }

  /** An identity that is to be opened. */
  KerberosIdentityBuilder web() {
    return KerberosIdentity.builder().principal(WEB.toString()).keytab(keytab());
  }

  /** Where the KDC is, for an identity that does not take it from the JVM. */
  Path krb5Conf() {
    return directory.resolve("krb5.conf");
  }

  /** All services that the KDC knows. */
  static List<Target> services() {
    return IntStream.range(0, SERVICES)
        .mapToObj(i -> Target.of(URI.create("http://s" + i + ".test")))
        .toList();
  }

  /**
   * How many requests the KDC has answered, by its log.
   *
   * @param exchange AS or TGS
   */
  long requests(String exchange) throws IOException {
    try (var lines = Files.lines(directory.resolve("kdc.log"))) {
      return lines.filter(line -> line.contains(exchange + "_REQ (")).count();
    }
  }
}
