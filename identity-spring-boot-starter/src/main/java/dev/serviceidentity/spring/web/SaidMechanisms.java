// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mechanism.IdentityMechanism;
import dev.serviceidentity.spi.MechanismProvider;
import dev.serviceidentity.spring.ServiceIdentityBuilderCustomizer;
import dev.serviceidentity.spring.properties.Misconfiguration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;

/**
 * The mechanisms that properties and beans configure.
 *
 * @param names empty where they cannot be told before the identity is open: by a customizer, or in
 *     an identity of the application's own
 */
record SaidMechanisms(Set<MechanismName> names) {
  static SaidMechanisms of(BeanFactory beans) {
    boolean told =
        beans.getBeanProvider(ServiceIdentityBuilderCustomizer.class).stream().findAny().isEmpty();
    return new SaidMechanisms(
        told
            ? Stream.concat(
                    beans.getBeanProvider(MechanismProvider.class).stream()
                        .map(MechanismProvider::name),
                    beans.getBeanProvider(IdentityMechanism.class).stream()
                        .map(IdentityMechanism::name))
                .collect(Collectors.toSet())
            : Set.of());
  }

  /** A rule that nobody can meet is a mistake. */
  MechanismName require(String property, MechanismName name) {
    if (!names.isEmpty() && !names.contains(name)) {
      throw Misconfiguration.of(
          property,
          "is "
              + name
              + ", which is not configured, so that nobody could call there; configured: "
              + names.stream()
                  .map(MechanismName::value)
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return name;
  }

  /** Whether callers can prove themselves by the certificates of their connections alone. */
  boolean areCertificatesAlone() {
    return names.equals(Set.of(MechanismName.MTLS));
  }
}
