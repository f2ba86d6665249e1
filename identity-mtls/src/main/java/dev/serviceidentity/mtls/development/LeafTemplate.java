// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DevelopmentCa} writes into a certificate: names and validity. Development only.
 *
 * <pre>{@code
 * LeafTemplate.spiffe("spiffe://shop.example/ns/shop/sa/orders").dns("localhost").ip("127.0.0.1")
 * }</pre>
 *
 * <p>Each method that takes a part returns a new value with that part. Immutable and thread-safe.
 */
public final class LeafTemplate {
  private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

  /** Authorities date back, because clocks differ. */
  static final Duration BACKDATED = Duration.ofMinutes(1);

  private final List<GeneralName> names;
  private final Duration lifetime;
  private final @Nullable Instant notBefore;

  private LeafTemplate(List<GeneralName> names, Duration lifetime, @Nullable Instant notBefore) {
    this.names = List.copyOf(names);
    this.lifetime = lifetime;
    this.notBefore = notBefore;
  }

  /**
   * A workload with a SPIFFE ID.
   *
   * @param id the whole ID; written as it is, also if it is of another trust domain than the
   *     authority or no SPIFFE ID at all, so that refusals can be tried out
   * @return a template that is valid from now for an hour
   */
  public static LeafTemplate spiffe(String id) {
    return new LeafTemplate(
        List.of(new GeneralName(GeneralName.uniformResourceIdentifier, id)),
        DEFAULT_LIFETIME,
        null);
  }

  /**
   * A workload whose name is a DNS name.
   *
   * @param name a host name
   * @return a template that is valid from now for an hour
   */
  public static LeafTemplate dnsName(String name) {
    return new LeafTemplate(
        List.of(new GeneralName(GeneralName.dNSName, name)), DEFAULT_LIFETIME, null);
  }

  /**
   * The same with one more DNS name, for clients that check host names.
   *
   * @param name a host name
   * @return a new template
   */
  public LeafTemplate dns(String name) {
    return and(new GeneralName(GeneralName.dNSName, name));
  }

  /**
   * The same with an IP address, for clients that check host names.
   *
   * @param address an IPv4 or IPv6 address
   * @return a new template
   * @throws IllegalArgumentException if it is no address
   */
  public LeafTemplate ip(String address) {
    return and(new GeneralName(GeneralName.iPAddress, address));
  }

  /**
   * The same with another lifetime.
   *
   * @param duration from its beginning; certificates count whole seconds
   * @return a new template
   */
  public LeafTemplate lifetime(Duration duration) {
    return new LeafTemplate(names, Objects.requireNonNull(duration, "duration"), notBefore);
  }

  /**
   * The same beginning at another time than now, for certificates that have expired or are not yet
   * valid.
   *
   * @param beginning the first instant of validity
   * @return a new template
   */
  public LeafTemplate notBefore(Instant beginning) {
    return new LeafTemplate(names, lifetime, Objects.requireNonNull(beginning, "beginning"));
  }

  List<GeneralName> names() {
    return names;
  }

  Instant begin(Instant now) {
    return notBefore == null ? now.minus(BACKDATED) : notBefore;
  }

  Instant end(Instant now) {
    return (notBefore == null ? now : notBefore).plus(lifetime);
  }

  private LeafTemplate and(GeneralName name) {
    var more = new ArrayList<>(names);
    more.add(name);
    return new LeafTemplate(more, lifetime, notBefore);
  }
}
