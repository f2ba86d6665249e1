// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A credential in memory, from code that obtains it by itself. The supplier is asked every ten
 * seconds, and at once by {@code MtlsIdentity.refresh()}.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .source(SuppliedCredential.by(() -> Credential.of(
 *         vault.chain(), vault.key(), List.of(TrustBundle.of("shop.example", vault.roots())))))
 * }</pre>
 *
 * <p>Immutable; thread-safe if the supplier is.
 */
public final class SuppliedCredential implements SourceProvider {
  private final Supplier<Credential> supplier;

  private SuppliedCredential(Supplier<Credential> supplier) {
    this.supplier = supplier;
  }

  /**
   * Whatever the supplier gives.
   *
   * @param supplier gives identity and trust of one moment, as {@link CertificateSource#read} says
   * @return the source, not yet read
   */
  public static SuppliedCredential by(Supplier<Credential> supplier) {
    return new SuppliedCredential(Objects.requireNonNull(supplier, "supplier"));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    return new CertificateSource() {
      @Override
      public Origin origin() {
        return new Origin(
            "The supplied certificate", "the supplied key", "the supplied authorities");
      }

      @Override
      public Credential read() {
        return Objects.requireNonNull(supplier.get(), "the supplied credential");
      }
    };
  }
}
