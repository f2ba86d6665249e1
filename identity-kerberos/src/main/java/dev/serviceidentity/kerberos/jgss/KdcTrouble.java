// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.kdc.KdcErrors;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.ForeignText;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a failed exchange with the KDC means and what to do. */
final class KdcTrouble {
  private static final int MOST_CAUSES = 16;

  private KdcTrouble() {}

  /**
   * Explains a failure of the JDK's Kerberos client.
   *
   * @param doing what was tried, for whom, as the beginning of a sentence
   * @param own the own principal
   */
  static IdentityException explain(String doing, PrincipalName own, Throwable failure) {
    Optional<KrbFault> fault = KrbFault.in(failure);
    if (fault.isPresent() && isUnknownRealm(fault.get())) {
      return unknownRealm(doing, own, failure);
    }
    if (fault.isPresent() && fault.get().code().isPresent()) {
      return refused(doing, own, fault.get(), failure);
    }
    if (fault.isPresent() && fault.get().says("Checksum failed")) {
      return new IdentityException(
          Code.REFUSED,
          doing + " failed: the KDC's answer does not open." + KdcErrors.wrongKey(own),
          failure);
    }
    if (hasIoCause(failure)) {
      return unreachable(doing, own, failure);
    }
    return new IdentityException(
        Code.REFUSED,
        doing
            + " failed: "
            + ForeignText.quote(String.valueOf(failure.getMessage()))
            + ". See the cause; -Dsun.security.krb5.debug=true shows the exchange.",
        failure);
  }

  private static IdentityException unknownRealm(
      String doing, PrincipalName own, Throwable failure) {
    return new IdentityException(
        Code.CONFIGURATION,
        doing
            + " failed: the JVM's krb5.conf names no KDC for the realm "
            + own.realm()
            + " ("
            + krb5Conf()
            + "). The JDK reads one file for the whole JVM, and only the program that starts the"
            + " JVM sets it: start it with -Djava.security.krb5.conf=<file>, with this realm"
            + " under [realms] in a block on several lines.",
        failure);
  }

  private static String krb5Conf() {
    String path = System.getProperty("java.security.krb5.conf");
    if (path == null) {
      return "java.security.krb5.conf is not set";
    }
    return "java.security.krb5.conf is "
        + ForeignText.quote(path)
        + (new File(path).canRead() ? "" : ", which cannot be read");
  }

  private static IdentityException unreachable(String doing, PrincipalName own, Throwable failure) {
    return new IdentityException(
        Code.AUTHORITY_UNREACHABLE,
        doing
            + " failed: no KDC of "
            + own.realm()
            + " answers ("
            + ForeignText.quote(String.valueOf(failure.getMessage()))
            + "). Check the addresses in the JVM's krb5.conf, the network policies towards port"
            + " 88, and that the KDC runs.",
        failure);
  }

  private static IdentityException refused(
      String doing, PrincipalName own, KrbFault fault, Throwable failure) {
    return new IdentityException(
        Code.REFUSED,
        doing
            + " failed: the KDC of "
            + own.realm()
            + " says "
            + fault.name()
            + ", "
            + fault.message()
            + "."
            + KdcErrors.cure(fault.code().orElse(0), own),
        failure);
  }

  /**
   * Nobody was asked. Where the JDK has looked into the DNS too, it gives its own words the number
   * of a protocol error, 60.
   */
  private static boolean isUnknownRealm(KrbFault fault) {
    return fault.says("Cannot locate KDC")
        || fault.says("Cannot locate default realm")
        || fault.says("Unable to locate KDC")
        || fault.says("Cannot get kdc for realm");
  }

  private static boolean hasIoCause(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
      if (cause instanceof IOException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
