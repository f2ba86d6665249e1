// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.mechanism.Target;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** Calls and is called: a JVM that a test starts without the JDK's Kerberos. */
final class CallWithoutJgss {
  private CallWithoutJgss() {}

  /** Takes a krb5.conf, and a principal with its keytab. */
  public static void main(String[] arguments) {
    try (var self =
        KerberosIdentity.builder()
            .principal(arguments[1])
            .keytab(Path.of(arguments[2]))
            .krb5Conf(Path.of(arguments[0]))
            .openTimeout(Duration.ofMinutes(1))
            .open()) {
      var credentials = self.credentialsFor(Target.of(URI.create("http://self.shop")));
      var seen = self.callers().verify(TestRealms.evidence(credentials));
      System.out.println("CALLED BY " + seen.orElseThrow().principal());
      System.out.println("PROVEN " + credentials.verifyReply(200, HeldTicket.fields(seen)));
    }
    System.out.println("JGSS " + ModuleLayer.boot().findModule("java.security.jgss"));
  }
}
