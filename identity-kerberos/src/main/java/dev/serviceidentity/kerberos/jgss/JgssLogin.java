// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.jgss;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.initiator.Login;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/**
 * A login by the JDK, with what was obtained by it. The JDK keeps service tickets in the subject,
 * so that a new login starts without any. Holds secrets and shows none.
 */
public final class JgssLogin implements Login {
  private final Subject subject;
  private final Instant startsAt;
  private final Instant expiresAt;

  /**
   * A login that has been made.
   *
   * @param subject where its tickets are
   * @param startsAt from when it is valid
   * @param expiresAt until when
   */
  public JgssLogin(Subject subject, Instant startsAt, Instant expiresAt) {
    this.subject = subject;
    this.startsAt = startsAt;
    this.expiresAt = expiresAt;
  }

  /**
   * Logs in with the keytab. Blocks for as long as the JDK waits for KDCs (kdc_timeout and
   * max_retries in krb5.conf).
   *
   * @param principal who logs in
   * @param keytab where its keys are
   * @return the login
   * @throws IdentityException if the KDC does not answer or says no
   */
  public static JgssLogin from(PrincipalName principal, Path keytab) {
    var subject = new Subject();
    try {
      new LoginContext("identity-kerberos", subject, null, fromKeytab(principal, keytab)).login();
    } catch (LoginException failed) {
      throw KdcTrouble.explain("The login of " + principal, principal, failed);
    }
    return subject.getPrivateCredentials(KerberosTicket.class).stream()
        .findFirst()
        .map(ticket -> of(subject, ticket))
        .orElseThrow(
            () ->
                new IdentityException(
                    Code.REFUSED,
                    "The login of " + principal + " gave no ticket; see the KDC's log"));
  }

  Subject subject() {
    return subject;
  }

  @Override
  public Instant startsAt() {
    return startsAt;
  }

  @Override
  public Instant expiresAt() {
    return expiresAt;
  }

  /** Returns the times. */
  @Override
  public String toString() {
    return "JgssLogin[" + startsAt + " to " + expiresAt + "]";
  }

  private static JgssLogin of(Subject subject, KerberosTicket ticket) {
    // starttime is optional and defaults to authtime (RFC 4120 section 5.3).
    var start = ticket.getStartTime() == null ? ticket.getAuthTime() : ticket.getStartTime();
    return new JgssLogin(subject, start.toInstant(), ticket.getEndTime().toInstant());
  }

  private static Configuration fromKeytab(PrincipalName principal, Path keytab) {
    var entry =
        new AppConfigurationEntry(
            "com.sun.security.auth.module.Krb5LoginModule",
            LoginModuleControlFlag.REQUIRED,
            Map.of(
                "useKeyTab", "true",
                "keyTab", keytab.toAbsolutePath().toString(),
                "principal", principal.toString(),
                "doNotPrompt", "true",
                "refreshKrb5Config", "true"));
    return new Configuration() {
      @Override
      public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
        return new AppConfigurationEntry[] {entry};
      }
    };
  }
}
