// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.SelfCheck.Finding;
import dev.serviceidentity.kerberos.doctor.Examination;
import dev.serviceidentity.kerberos.doctor.Patient;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.spi.ForeignText;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Looks at everything that a Kerberos identity needs, and says what to do about what is missing:
 * the keytab or the credential cache, the krb5.conf, each KDC, the account, the clocks, a ticket to
 * oneself and the way back with it, and tickets for the services that are called. What is broken
 * keeps nothing else from being looked at.
 *
 * <pre>{@code
 * SelfCheck found = KerberosIdentity.builder()
 *     .principal("HTTP/orders.shop@SHOP.EXAMPLE")
 *     .keytab(Path.of("/etc/krb/orders.keytab"))
 *     .doctor()
 *     .calls("HTTP/stock.shop@SHOP.EXAMPLE")
 *     .examine();
 * log.info(found.render());
 * }</pre>
 *
 * <p>Nothing is opened, kept or changed, and the JDK's Kerberos client and its settings are not
 * looked at. No secret is in what is found. Each KDC is first asked without a key, and then one of
 * them for tickets; a key that is not the KDC's counts there as a failed login, and so does the
 * version before it where that is tried, too. Mutable; use it from one thread.
 */
public final class KerberosDoctor {
  private static final Duration USUAL_LIMIT = Duration.ofSeconds(10);

  private final Patient patient;
  private final Clock clock;
  private List<PrincipalName> services = List.of();
  private Duration limit = USUAL_LIMIT;
  private Consumer<Finding> progress = finding -> {};

  KerberosDoctor(Patient patient, Clock clock) {
    this.patient = patient;
    this.clock = clock;
  }

  /**
   * Which services are called: for each a ticket is asked for.
   *
   * @param principals each with its realm
   * @return this doctor
   * @throws IllegalArgumentException if one is not a principal with its realm
   */
  public KerberosDoctor calls(String... principals) {
    this.services = Stream.of(principals).map(PrincipalName::parse).toList();
    return this;
  }

  /**
   * How long all of it may take; ten seconds unless said. What has not been looked at by then is
   * missing, and a finding says so.
   *
   * @param time positive
   * @return this doctor
   * @throws IllegalArgumentException if the duration is zero or negative
   */
  public KerberosDoctor within(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(
          "within(...) is positive, not " + ForeignText.quote(time.toString()));
    }
    this.limit = time;
    return this;
  }

  /**
   * Who hears of each finding at once, for whoever does not want to wait in silence.
   *
   * @param listener called on a thread of the examination
   * @return this doctor
   */
  public KerberosDoctor progress(Consumer<Finding> listener) {
    this.progress = Objects.requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Looks. Blocks for as long as {@link #within} says at most; an interrupt ends it early and stays
   * set.
   *
   * @return what was found, in the order of looking; {@link SelfCheck#render} is for people
   */
  public SelfCheck examine() {
    return new Examination(patient, clock, services, progress).within(limit);
  }
}
