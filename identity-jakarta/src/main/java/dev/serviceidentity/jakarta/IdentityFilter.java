// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.ServiceIdentity;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A filter that lets a request through to the application only if a {@link ServiceIdentity} admits
 * it, and tells the application who sent it.
 *
 * <pre>{@code
 * IdentityFilter.builder(identity)
 *     .rules(PathRules.builder()
 *         .publicPath("/health")
 *         .path("/admin/**", AccessRule.usual().require(MechanismName.KERBEROS))
 *         .build())
 *     .build()
 *     .register(context);
 * }</pre>
 *
 * <p>A request is judged once. Its later dispatches (asynchronous ones, forwards, error pages) see
 * the same caller, whatever their path: an application that forwards has decided to. A request that
 * came by a public path is judged when it is dispatched to one that is not, or includes one; if it
 * is refused there, the including page ends with a {@code ServletException}, since it is too late
 * for an answer. Rules by method go by the one that the filter sees: a filter that changes it, such
 * as Spring's {@code HiddenHttpMethodFilter}, belongs in front of this one where they count. An
 * error page is shown to those who were admitted and on public paths; to anybody else the filter
 * answers with the error's status alone.
 *
 * <p>Behind the filter {@code getUserPrincipal()} is a {@link CallerPrincipal} and {@code
 * getRemoteUser()} its name; {@code getAuthType()} is {@code CLIENT_CERT} for mutual TLS and the
 * mechanism's name otherwise; {@code isUserInRole} goes by {@link Roles}; {@code authenticate} is
 * true, {@code login} and {@code logout} throw. On public paths the filter changes nothing.
 *
 * <p>Whoever is refused gets 401, 403 or 503 and {@code application/problem+json} (RFC 9457) with
 * the decision's {@code publicReason()}; the explanation belongs to logs and the audit. The
 * challenges and this service's own proof are written to every answer, before its content. Over
 * HTTP/2 a servlet cannot end a connection; {@code Connection: close} is left out there.
 *
 * <p>In {@code web.xml} the filter is made by its name. It finds the identity in the attribute
 * {@link #IDENTITY} of the servlet context, where a {@code ServletContextListener} has to set it,
 * and takes these parameters: {@code public-paths} (patterns, separated by spaces or line breaks),
 * {@code rules} (the text that {@link PathRules#parse} reads, asked after the public paths) and
 * {@code developer-profile}. Declare {@code <async-supported>true</async-supported>}, the pattern
 * {@code /*} and the dispatchers REQUEST, ASYNC, FORWARD, INCLUDE and ERROR: what the filter is not
 * mapped to, it does not guard. Jetty puts its filter of WebSockets before those of {@code
 * web.xml}; the filter does not start behind that one, but {@link #register} in a {@code
 * ServletContextListener} puts it in front.
 *
 * <p>Thread-safe. May block for the admission timeout of the identity.
 */
public final class IdentityFilter implements Filter {
  /** The request attribute in which the verified {@code Caller} is. */
  public static final String CALLER = "dev.serviceidentity.caller";

  /** The request attribute in which the {@code AccessDecision} is, also one that refuses. */
  public static final String DECISION = "dev.serviceidentity.decision";

  /**
   * The attribute of the servlet context in which a filter of {@code web.xml} finds its identity.
   */
  public static final String IDENTITY = "dev.serviceidentity.identity";

  private volatile @Nullable Door door;

  /** For {@code web.xml}; programs use {@link #builder}. */
  public IdentityFilter() {}

  IdentityFilter(Door.Terms terms) {
    this.door = new Door(terms);
  }

  /**
   * Starts to configure a filter.
   *
   * @param identity whose callers to admit; stays open as long as the filter is used
   * @return a builder
   */
  public static IdentityFilterBuilder builder(ServiceIdentity identity) {
    return new IdentityFilterBuilder(identity);
  }

  /**
   * The dispatches that the filter must see, for those who register it otherwise.
   *
   * @return a new set
   */
  public static EnumSet<DispatcherType> dispatches() {
    return EnumSet.of(
        DispatcherType.REQUEST,
        DispatcherType.ASYNC,
        DispatcherType.FORWARD,
        DispatcherType.INCLUDE,
        DispatcherType.ERROR);
  }

  /**
   * Registers this filter for all paths and for every dispatch that it must see, before the filters
   * that {@code web.xml} declares, with asynchronous requests supported.
   *
   * @param context an application that is starting
   * @return the registration
   * @throws IllegalStateException if the application has started, has such a filter already, or if
   *     Jetty's filter of WebSockets stands in front
   */
  public FilterRegistration.Dynamic register(ServletContext context) {
    FilterRegistration.Dynamic registration = context.addFilter("identity", this);
    if (registration == null) {
      throw new IllegalStateException(
          "The application has a filter 'identity' already: remove it from web.xml, or register"
              + " this one once");
    }
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(dispatches(), false, "/*");
    WebSocketOrder.mistake(context, registration.getName())
        .ifPresent(
            mistake -> {
              throw new IllegalStateException(mistake);
            });
    return registration;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ServletException if a parameter is malformed or unknown, if the identity is missing, or
   *     if Jetty's filter of WebSockets stands in front; the message says what to do
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    Optional<String> mistake =
        WebSocketOrder.mistake(config.getServletContext(), config.getFilterName());
    if (mistake.isPresent()) {
      throw new ServletException(mistake.get());
    }
    Door opened = door;
    if (opened == null) {
      opened = new Door(new InitParameters(config).read());
    } else {
      new InitParameters(config).requireNone();
    }
    opened.announce();
    door = opened;
  }

  /**
   * What is particular to some paths.
   *
   * @return the rules
   * @throws IllegalStateException if {@code web.xml} has them and the filter has not been started
   */
  public PathRules rules() {
    Door open = door;
    if (open == null) {
      throw new IllegalStateException("The filter has not been initialised");
    }
    return open.rules();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Door open = door;
    if (open == null) {
      throw new ServletException("The filter has not been initialised");
    }
    if (request instanceof HttpServletRequest http
        && response instanceof HttpServletResponse answer) {
      open.pass(http, answer, chain);
    } else {
      throw new ServletException("Requests of other protocols than HTTP are not let through");
    }
  }
}
