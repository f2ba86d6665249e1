// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.jakarta.IdentityFilter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives controllers the caller that the filter has verified. */
final class VerifiedCallerParameters implements HandlerMethodArgumentResolver {
  /** Where the filter puts what a parameter may be. */
  private static final Map<Class<?>, String> ATTRIBUTES =
      Map.of(Caller.class, IdentityFilter.CALLER, Admitted.class, IdentityFilter.DECISION);

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.hasParameterAnnotation(VerifiedCaller.class);
  }

  @Override
  public @Nullable Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
    String attribute = ATTRIBUTES.get(type);
    if (attribute == null) {
      throw new IllegalStateException(
          "@VerifiedCaller is for Caller and Admitted, or an Optional of them, not for "
              + type.getName()
              + " in "
              + parameter.getExecutable());
    }
    Object verified = request.getAttribute(attribute, RequestAttributes.SCOPE_REQUEST);
    Optional<?> found = Optional.ofNullable(verified).filter(type::isInstance);
    if (parameter.getParameterType() == Optional.class) {
      return found;
    }
    if (found.isEmpty() && !parameter.isOptional()) {
      throw new IllegalStateException(
          "Nobody was verified for this request, which "
              + parameter.getExecutable()
              + " needs: its path is public (serviceidentity.web.public-paths), or the filter does"
              + " not see it. Take an Optional, or keep the path from being public");
    }
    return found.orElse(null);
  }
}
