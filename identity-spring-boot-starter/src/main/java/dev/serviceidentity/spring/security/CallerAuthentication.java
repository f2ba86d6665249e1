// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.security;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.Caller;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/**
 * A caller whose request was admitted. Its principal is the {@link Caller}; its name is the
 * canonical text of {@code PrincipalId}. It belongs to one request: a session cannot keep it.
 */
public final class CallerAuthentication extends AbstractAuthenticationToken {
  @Serial private static final long serialVersionUID = 1;

  private final transient Admitted admitted;

  private CallerAuthentication(
      Admitted admitted, Collection<? extends GrantedAuthority> authorities) {
    super(authorities);
    this.admitted = Objects.requireNonNull(admitted, "admitted");
    super.setAuthenticated(true);
  }

  /**
   * An authenticated caller.
   *
   * @param admitted the decision about the request
   * @param authorities what the caller may do in the application
   * @return the authentication
   */
  public static CallerAuthentication of(
      Admitted admitted, Collection<? extends GrantedAuthority> authorities) {
    return new CallerAuthentication(admitted, authorities);
  }

  /**
   * The decision about the request.
   *
   * @return never null
   */
  public Admitted admitted() {
    return admitted;
  }

  @Override
  public Caller getPrincipal() {
    return admitted.caller();
  }

  /** Returns nothing: what proved the caller is not kept. */
  @Override
  public @Nullable Object getCredentials() {
    return null;
  }

  @Override
  public String getName() {
    return getPrincipal().principal().toString();
  }

  /** An admission is final; another request needs its own. */
  @Override
  public void setAuthenticated(boolean authenticated) {
    if (authenticated != isAuthenticated()) {
      throw new IllegalArgumentException("Whether a caller is admitted was decided already");
    }
  }

  /**
   * Always fails.
   *
   * @param out not written to
   * @throws NotSerializableException always
   * @serialData nothing
   */
  @Serial
  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException(
        "A caller proves itself with each request; let Spring Security keep no session");
  }
}
